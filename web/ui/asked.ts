/** A deed that is pressed while something is missing: each field says what, and focus goes to the first of them. */
import { useEffect, useRef, useState, type RefObject } from 'react'

export interface Asked {
  /** Stands around the fields. */
  readonly place: RefObject<HTMLDivElement | null>
  /** From the first press in vain on, the fields say what they miss. */
  readonly isAsked: boolean
  press(deed: () => void): void
}

/** @param isWhole whether nothing is missing; else at least one field has to be `wrong` once it is asked */
export function useAsked(isWhole: boolean): Asked {
  const place = useRef<HTMLDivElement>(null)
  const [pressesInVain, setPressesInVain] = useState(0)
  useEffect(() => {
    if (pressesInVain > 0) goToFirstWrong(place.current)
  }, [pressesInVain])
  return {
    place,
    isAsked: pressesInVain > 0,
    press: (deed) => {
      setPressesInVain(isWhole ? 0 : pressesInVain + 1)
      if (isWhole) deed()
    },
  }
}

const FOCUSABLE = 'input:not([hidden]), textarea, button, [role="spinbutton"]'

function goToFirstWrong(place: HTMLElement | null): void {
  const field = place?.querySelector('[data-invalid]')
  const inside = [...(field?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])]
  inside.find((each) => each.closest('[aria-hidden="true"]') === null)?.focus()
}
