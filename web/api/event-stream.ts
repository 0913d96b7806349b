/** Server-sent events out of an answer's body (HTML standard, 9.2): EventSource cannot sign its requests. */
export interface ServerEvent {
  /** Where to resume after it; as the one before where the event had none. */
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/** No event of ours is longer; what is longer is no event. */
const EVENT_LENGTH_MAX = 262_144

/**
 * Ends with the body.
 * @param onSign told of whatever arrives, also of what is no event: the other side is there
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onSign: () => void = () => {},
): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  const parser = createParser()
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      onSign()
      yield* parser(decoder.decode(value, { stream: true }))
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Takes text as it comes, and gives the events that are whole. */
export function createParser(): (text: string) => ServerEvent[] {
  let rest = ''
  let id: string | undefined
  let event = ''
  let data: string[] = []
  const end = (): ServerEvent[] => {
    const whole =
      data.length === 0 ? [] : [{ id, event: event || 'message', data: data.join('\n') }]
    event = ''
    data = []
    return whole
  }
  const take = (line: string): ServerEvent[] => {
    if (line === '') return end()
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') data.push(value)
    else if (name === 'event') event = value
    else if (name === 'id' && !value.includes('\0')) id = value
    return []
  }
  return (text) => {
    // A carriage return at the very end may be the first half of a line's end.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    if (rest.length > EVENT_LENGTH_MAX) throw new Error('an event is too long')
    return lines.flatMap(take)
  }
}
