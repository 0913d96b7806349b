/** How far something has come, in a bar and in words. */
import { Label, ProgressBar } from 'react-aria-components'

export function Progress(props: {
  readonly label: string
  readonly value: number
  readonly max: number
  /** Such as `3,200 / 10,000명`. */
  readonly text: string
}) {
  const { label, value, max, text } = props
  return (
    <ProgressBar className="progress" value={value} maxValue={Math.max(max, 1)} valueLabel={text}>
      {({ percentage, valueText }) => (
        <>
          <div className="row" data-spread>
            <Label>{label}</Label>
            <span className="amount">{valueText}</span>
          </div>
          <div className="track">
            <div className="fill" style={{ width: `${percentage ?? 0}%` }} />
          </div>
        </>
      )}
    </ProgressBar>
  )
}
