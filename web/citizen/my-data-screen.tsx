/** One's own data: consents, who looked, a copy of everything, and leaving. */
import { useSearchParams } from 'wouter'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../ui/words.ts'
import { AccessLog } from './access-log.tsx'
import { Consents } from './consents.tsx'
import { DataCopy } from './data-copy.tsx'
import { Leaving } from './leaving.tsx'
import type { Membership } from './membership.tsx'
import { myDataWords } from './my-data-words.ts'
import { IssuerScreen } from './screen.tsx'

export function MyDataScreen() {
  const t = useWords(myDataWords)
  return (
    <IssuerScreen title={t.title} within="my-data">
      {(membership) => <Parts key={membership.issuerCode} membership={membership} />}
    </IssuerScreen>
  )
}

function Parts({ membership }: { membership: Membership }) {
  const t = useWords(myDataWords)
  const { issuerCode } = membership
  const [search, setSearch] = useSearchParams()
  return (
    <Tabs
      label={t.tabs}
      selected={search.get('tab') ?? 'consents'}
      onSelect={(tab) => setSearch({ tab }, { replace: true })}
      views={[
        { id: 'consents', label: t.consents, view: () => <Consents issuerCode={issuerCode} /> },
        { id: 'looks', label: t.looks, view: () => <AccessLog issuerCode={issuerCode} /> },
        { id: 'copy', label: t.copy, view: () => <DataCopy issuerCode={issuerCode} /> },
        { id: 'leaving', label: t.leaving, view: () => <Leaving membership={membership} /> },
      ]}
    />
  )
}
