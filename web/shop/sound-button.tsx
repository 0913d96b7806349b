/** In the head of every screen of a shop: whether payments arrive by themselves, and whether they are told aloud. */
import { Volume2, VolumeX, Wifi, WifiOff } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from '../ui/button.tsx'
import { changePreferences, onPreferencesChange, readPreferences } from '../ui/preferences.ts'
import { useWords } from '../ui/words.ts'
import { useShop } from './shop-context.tsx'
import { maySound, ring, say } from './telling-aloud.ts'

const words = {
  ko: {
    connected: '연결됨',
    connecting: '다시 연결 중',
    refused: '알림 없음',
    on: '결제를 소리로 알림: 켜짐. 누르면 꺼요',
    off: '결제를 소리로 알림: 꺼짐. 누르면 켜요',
    touch: '소리를 들으려면 화면을 한 번 눌러 주세요',
    example: '결제를 말로 알려 드려요',
  },
  en: {
    connected: 'Connected',
    connecting: 'Connecting again',
    refused: 'No news here',
    on: 'Payments are told aloud. Press to stop',
    off: 'Payments are not told aloud. Press to begin',
    touch: 'Touch the screen once to hear payments',
    example: '결제를 말로 알려 드려요',
  },
}

export function SoundButton() {
  const t = useWords(words)
  const { connection } = useShop()
  const speech = useSyncExternalStore(onPreferencesChange, () => readPreferences().speech)
  const isConnected = connection === 'connected'
  const Sign = isConnected ? Wifi : WifiOff
  const turn = (): void => {
    changePreferences({ speech: speech === 'on' ? 'off' : 'on' })
    if (speech === 'on') return
    ring([784, 1047])
    void say(t.example)
  }
  return (
    <>
      <span className="badge" data-tone={isConnected ? 'good' : 'wait'} role="status">
        <Sign className="icon" aria-hidden />
        {t[connection]}
      </span>
      <Button kind="quiet" aria-label={t[speech]} onPress={turn}>
        {speech === 'on' ? <Volume2 aria-hidden /> : <VolumeX aria-hidden />}
      </Button>
    </>
  )
}

/** A browser keeps still until the screen was touched: says so while that is so. */
export function TouchForSound() {
  const t = useWords(words)
  const speech = useSyncExternalStore(onPreferencesChange, () => readPreferences().speech)
  const [isTouched, setTouched] = useState(maySound)
  useEffect(() => {
    const look = (): void => setTouched(maySound())
    const kinds = ['pointerup', 'keyup'] as const
    for (const kind of kinds) addEventListener(kind, look)
    return () => {
      for (const kind of kinds) removeEventListener(kind, look)
    }
  }, [])
  return isTouched || speech === 'off' ? null : <p className="soft small">{t.touch}</p>
}
