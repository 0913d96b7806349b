/** Counts guesses of codes: an attempt stays counted only where the code was wrong. */
import type { GuessLimit } from '../door.ts'

/** A fault says nothing about the code. @throws what `look` throws */
export async function countWrongCode<Answer>(
  attempt: ReturnType<GuessLimit['begin']>,
  look: () => Promise<Answer>,
  isWrong: (answer: Answer) => boolean,
): Promise<Answer> {
  let wasWrong = false
  try {
    const answer = await look()
    wasWrong = isWrong(answer)
    return answer
  } finally {
    if (!wasWrong) attempt.forgive()
  }
}
