/** A copy of all that is kept about me, as files. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTools } from '../api/app-context.tsx'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'
import { downloadFile } from '../api/download.ts'
import { myDataWords } from './my-data-words.ts'

export function DataCopy({ issuerCode }: { issuerCode: string }) {
  const t = useWords(myDataWords)
  const path = `/v1/issuers/${issuerCode}/members/me/data`
  return (
    <div className="stack">
      <p className="soft">{t.copyNote}</p>
      <OneFile title={t.all} note={t.allNote} path={path} name={`dure-${issuerCode}.json`} />
      <OneFile
        title={t.history}
        note={t.historyNote}
        path={`${path}/history.csv`}
        name={`dure-${issuerCode}.csv`}
      />
    </div>
  )
}

function OneFile(props: {
  readonly title: string
  readonly note: string
  readonly path: string
  readonly name: string
}) {
  const { title, note, path, name } = props
  const t = useWords(myDataWords)
  const { session } = useTools()
  const [state, setState] = useState<'ready' | 'busy' | 'done'>('ready')
  const [trouble, setTrouble] = useState<unknown>()
  const fetchIt = async (): Promise<void> => {
    setState('busy')
    setTrouble(undefined)
    try {
      await downloadFile(session, path, name)
      setState('done')
    } catch (error) {
      setTrouble(error)
      setState('ready')
    }
  }
  return (
    <article className="card stack" data-gap="s">
      <h2>{title}</h2>
      <p className="soft small">{note}</p>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <Button isPending={state === 'busy'} onPress={() => void fetchIt()}>
        <Download aria-hidden />
        {t.download}
      </Button>
      <p className="small" role="status">
        {state === 'done' ? t.downloaded : ''}
      </p>
    </article>
  )
}
