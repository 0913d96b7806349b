/** What can wait until the first screen has all that it asked for, so that it takes no line from it. */
import { useIsFetching } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useSession } from '../api/app-context.tsx'

/** Nothing is asked for so long: the screen is whole. */
const CALM_MS = 500
/** A screen that goes on asking is not waited for any longer. */
const WAIT_MAX_MS = 10_000

/** @param begin is called once; the same function at every drawing */
export function Afterwards({ begin }: { readonly begin: () => void }) {
  const isAsking = useIsFetching() > 0
  const isReading = useSession() === null
  const [hasBegun, setHasBegun] = useState(false)
  const isCalm = !isAsking && !isReading
  useEffect(() => {
    const timer = setTimeout(() => setHasBegun(true), WAIT_MAX_MS)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (!isCalm) return
    const timer = setTimeout(() => setHasBegun(true), CALM_MS)
    return () => clearTimeout(timer)
  }, [isCalm])
  useEffect(() => {
    if (hasBegun) begin()
  }, [begin, hasBegun])
  return null
}
