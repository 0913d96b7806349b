/** An amount of money, in figures of one width. */
import { useWriting } from './writing.ts'

export function Amount({ won, size = 'm' }: { won: number; size?: 'm' | 'l' }) {
  const writing = useWriting()
  return (
    <span className="amount" data-size={size}>
      {writing.won(won)}
    </span>
  )
}
