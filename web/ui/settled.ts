/** What is typed, once the typing has paused: so that not every key asks the server. */
import { useEffect, useState } from 'react'

const TYPED_AFTER_MS = 400

/** The value once it has not changed for a moment. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPED_AFTER_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
