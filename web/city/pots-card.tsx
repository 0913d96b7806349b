/** Pots running down: what is left, and the day on which it will be used up at the pace of the last month. */
import { useRead } from '../api/app-context.tsx'
import { serverNow } from '../api/server-clock.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { overviewWords as words } from './overview-words.ts'
import type { Overview } from './overview-screen.tsx'
import { funderWords } from './programs.ts'

const DAY_MS = 86_400_000

export function PotsCard({ overview }: { overview: Overview }) {
  const t = useWords(words)
  const funders = useWords(funderWords)
  const writing = useWriting()
  const { issuerCode, path } = useCity()
  const read = useRead({ key: ['pots', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/funding-pots', { params: { path } }),
  )
  /** A day on which something was issued counts; before the first there was no pace. */
  const active = overview.days.findIndex(({ issuedWon }) => issuedWon > 0)
  const daysSeen = active === -1 ? 0 : overview.days.length - active
  return (
    <section className="card stack">
      <h2>{t.pots}</h2>
      <Loaded
        read={read}
        isEmpty={({ items }) => items.length === 0}
        empty={<p className="soft">{t.noPots}</p>}
      >
        {({ items }) =>
          items.map((pot) => (
            <div key={pot.potId}>
              <Progress
                label={`${pot.name} (${funders[pot.funder]})`}
                value={pot.usedWon}
                max={pot.amountWon}
                text={t.left(writing.won(pot.leftWon), writing.won(pot.amountWon))}
              />
              {pot.usedWon > 0 && daysSeen > 0 && pot.leftWon > 0 ? (
                <p className="soft small">
                  {t.runsOut(
                    writing.day(serverNow() + (pot.leftWon / (pot.usedWon / daysSeen)) * DAY_MS),
                  )}
                </p>
              ) : null}
            </div>
          ))
        }
      </Loaded>
    </section>
  )
}
