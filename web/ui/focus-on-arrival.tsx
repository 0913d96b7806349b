/** A new screen begins at its top, for eyes and for screen readers. */
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'

export function FocusOnArrival() {
  const [location] = useLocation()
  const shown = useRef(location)
  useEffect(() => {
    if (shown.current === location) return
    shown.current = location
    scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [location])
  return null
}
