/** Language, large type, light or dark, stillness, and signing out: the same in every app. */
import { useState } from 'react'
import { useSession, useTools } from '../api/app-context.tsx'
import { chooseLanguage, type Language } from '../api/language.ts'
import { forgetLastSeen } from '../api/last-seen.ts'
import { Button } from './button.tsx'
import { Checkbox, Choices } from './choice.tsx'
import { changePreferences, readPreferences, type Preferences } from './preferences.ts'
import { Sheet } from './sheet.tsx'
import { useLanguage, useWords } from './words.ts'

const words = {
  ko: {
    title: '화면 설정',
    language: '언어 Language',
    large: '큰 글씨로 보기',
    still: '움직임 줄이기',
    speech: '결제를 말로 알리기',
    theme: '밝기',
    themes: { system: '기기 설정대로', light: '밝게', dark: '어둡게' },
    signOut: '로그아웃',
  },
  en: {
    title: 'How things look',
    language: '언어 Language',
    large: 'Large type',
    still: 'Less motion',
    speech: 'Tell payments aloud',
    theme: 'Brightness',
    themes: { system: 'As the device', light: 'Light', dark: 'Dark' },
    signOut: 'Sign out',
  },
}

const themes = ['system', 'light', 'dark'] as const

export function PreferencesSheet({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  return (
    <Sheet title={t.title} isOpen onClose={onClose}>
      <PreferencesFields onSignedOut={onClose} />
    </Sheet>
  )
}

function PreferencesFields({ onSignedOut }: { onSignedOut: () => void }) {
  const t = useWords(words)
  const language = useLanguage()
  const { session } = useTools()
  const isSignedIn = useSession() !== undefined
  const [now, setNow] = useState(readPreferences)
  const change = (next: Partial<Preferences>): void => setNow(changePreferences(next))
  const signOut = async (): Promise<void> => {
    await forgetLastSeen(session.app)
    await session.signOut()
    onSignedOut()
  }
  return (
    <div className="stack">
      <Choices<Language>
        label={t.language}
        value={language}
        onChange={chooseLanguage}
        options={[
          { value: 'ko', label: '한국어' },
          { value: 'en', label: 'English' },
        ]}
      />
      <Choices
        label={t.theme}
        value={now.theme}
        onChange={(theme) => change({ theme })}
        options={themes.map((value) => ({ value, label: t.themes[value] }))}
      />
      <Checkbox
        isSelected={now.type === 'large'}
        onChange={(is) => change({ type: is ? 'large' : 'normal' })}
      >
        {t.large}
      </Checkbox>
      <Checkbox
        isSelected={now.motion === 'still'}
        onChange={(is) => change({ motion: is ? 'still' : 'system' })}
      >
        {t.still}
      </Checkbox>
      {session.app === 'shop' ? (
        <Checkbox
          isSelected={now.speech === 'on'}
          onChange={(is) => change({ speech: is ? 'on' : 'off' })}
        >
          {t.speech}
        </Checkbox>
      ) : null}
      {isSignedIn ? <Button onPress={() => void signOut()}>{t.signOut}</Button> : null}
    </div>
  )
}
