/** How much time is left until an instant of the server's, counted down each second. */
import { useEffect, useState } from 'react'
import { serverNow } from '../api/server-clock.ts'

export function useLeftMs(until: string): number {
  const end = Date.parse(until)
  const [left, setLeft] = useState(() => end - serverNow())
  useEffect(() => {
    const count = (): void => setLeft(end - serverNow())
    count()
    const timer = setInterval(count, 1_000)
    return () => clearInterval(timer)
  }, [end])
  return left
}
