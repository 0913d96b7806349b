/** Where a screen cannot be drawn, or its part cannot be fetched, the app says so and offers to open anew. */
import { Component, type ReactNode } from 'react'
import { currentLanguage } from '../api/language.ts'
import { Button } from './button.tsx'
import { Banner } from './telling.tsx'

const words = {
  ko: {
    title: '화면을 열지 못했습니다',
    note: '보낸 결제는 한 번만 처리되고, 다시 열면 결과를 확인합니다.',
    again: '다시 열기',
  },
  en: {
    title: 'This screen could not be opened',
    note: 'What was sent is done once, and is looked up when the app is opened again.',
    again: 'Open again',
  },
}

/** React calls a class for this and nothing else. */
export class Unbroken extends Component<{ readonly children: ReactNode }, { isBroken: boolean }> {
  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true }
  }

  override state = { isBroken: false }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children
    const t = words[currentLanguage()]
    return (
      <main className="shell-main stack">
        <h1>{t.title}</h1>
        <Banner tone="bad" isNews>
          <p>{t.note}</p>
        </Banner>
        <Button kind="main" onPress={() => location.reload()}>
          {t.again}
        </Button>
      </main>
    )
  }
}
