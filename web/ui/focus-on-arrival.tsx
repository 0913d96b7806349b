/** A new screen begins at its top, for eyes and for screen readers; one that is come back to is where it was. */
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useLocation } from 'wouter'

export function FocusOnArrival() {
  const [location] = useLocation()
  const shown = useRef(location)
  const isBack = useRef(false)
  useLayoutEffect(() => {
    const back = (): void => void (isBack.current = true)
    const on = (): void => void (isBack.current = false)
    // Heard before the screen changes by it.
    addEventListener('popstate', back, { capture: true })
    for (const event of ['pushState', 'replaceState']) addEventListener(event, on)
    return () => {
      removeEventListener('popstate', back, { capture: true })
      for (const event of ['pushState', 'replaceState']) removeEventListener(event, on)
    }
  }, [])
  useEffect(() => {
    if (shown.current === location) return
    shown.current = location
    // The browser itself scrolls to where one was.
    if (!isBack.current) scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [location])
  return null
}
