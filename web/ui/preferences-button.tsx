/** The way to how things look; what stands behind it is fetched when it is first opened. */
import { Settings } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button } from './button.tsx'
import { useWords } from './words.ts'

const words = { ko: { open: '설정' }, en: { open: 'Settings' } }

const PreferencesSheet = lazy(async () => ({
  default: (await import('./preferences-sheet.tsx')).PreferencesSheet,
}))

export function PreferencesButton() {
  const t = useWords(words)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button kind="quiet" aria-label={t.open} onPress={() => setOpen(true)}>
        <Settings aria-hidden />
      </Button>
      {isOpen ? (
        <Suspense fallback={null}>
          <PreferencesSheet onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
