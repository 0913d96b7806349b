/** The five steps of the first five minutes, each with what one sees. */
import { Check } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { useWords } from '../ui/words.ts'
import { stepNames, type StepName, type Steps } from './steps.ts'

const words = {
  ko: {
    title: '다섯 단계로 체험하기',
    done: '했습니다',
    again: '처음부터 다시',
    steps: {
      begin: ['두 사람으로 시작하기', '김하늘님은 시민, 박정우님은 가게 사장님입니다.'],
      pay: ['카드 단말기로 결제하기', '코어가 결정하고, 돈은 상품권에서 나옵니다.'],
      stop: ['코어 멈추기', '프로세스를 정말로 끝냅니다. 2025년 9월의 그 장애처럼요.'],
      standin: ['멈춘 채로 한 번 더 결제하기', '게이트웨이가 대신 승인하고, 통보를 모아 둡니다.'],
      resume: ['코어 다시 켜기', '모아 둔 통보가 0건이 되고, 결제는 한 번만 남습니다.'],
    } satisfies Record<StepName, readonly [string, string]>,
  },
  en: {
    title: 'Five steps to try',
    done: 'done',
    again: 'Start over',
    steps: {
      begin: ['Begin as two people', '김하늘 is a citizen, 박정우 keeps a shop.'],
      pay: ['Pay at the card terminal', 'The core decides, and the voucher pays.'],
      stop: ['Stop the core', 'Its process really ends, as in the outage of 2025.'],
      standin: ['Pay once more meanwhile', 'The gateway stands in, and keeps an advice for later.'],
      resume: ['Start the core again', 'The advices go to 0, and the payment is there once.'],
    } satisfies Record<StepName, readonly [string, string]>,
  },
}

export function StepsList({ steps }: { steps: Steps }) {
  const t = useWords(words)
  const next = stepNames.find((name) => !steps.done.has(name))
  return (
    <section className="stack" data-gap="s" aria-labelledby="steps">
      <div className="row" data-spread>
        <h2 id="steps">{t.title}</h2>
        {steps.done.size === 0 ? null : (
          <Button kind="quiet" onPress={steps.clear}>
            {t.again}
          </Button>
        )}
      </div>
      <ol className="steps">
        {stepNames.map((name, index) => {
          const isDone = steps.done.has(name)
          const [deed, seen] = t.steps[name]
          return (
            <li
              key={name}
              data-state={isDone ? 'done' : name === next ? 'next' : 'later'}
              {...(name === next ? { 'aria-current': 'step' } : {})}
            >
              <span className="step-number" aria-hidden>
                {isDone ? <Check /> : index + 1}
              </span>
              <div>
                <p className="strong">
                  {deed}
                  {isDone ? <span className="unseen"> ({t.done})</span> : null}
                </p>
                <p className="soft small">{seen}</p>
              </div>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
