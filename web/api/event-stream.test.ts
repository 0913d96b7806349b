/** Events out of a stream: whole ones only, however the text is cut. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createParser, readEvents, type ServerEvent } from './event-stream.ts'

const TEXT = [
  'retry: 2000\n\n',
  'id: a1\nevent: operation\ndata: {"amountWon":10000}\n\n',
  ': still here\n\n',
  'event: gap\ndata: {}\n\n',
  'data: two\r\ndata:lines\r\n\r\n',
  'id: a2\nevent: operation\ndata: not whole',
].join('')

const EVENTS: ServerEvent[] = [
  { id: 'a1', event: 'operation', data: '{"amountWon":10000}' },
  { id: 'a1', event: 'gap', data: '{}' },
  { id: 'a1', event: 'message', data: 'two\nlines' },
]

test('events are the same wherever the text is cut', () => {
  for (let cut = 0; cut <= TEXT.length; cut += 1) {
    const parse = createParser()
    const events = [...parse(TEXT.slice(0, cut)), ...parse(TEXT.slice(cut))]
    assert.deepEqual(events, EVENTS, `cut at ${cut}`)
  }
})

test('letters that are cut in the middle are put together', async () => {
  const bytes = new TextEncoder().encode('data: 은파분식\n\n')
  let signs = 0
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  const events: ServerEvent[] = []
  for await (const event of readEvents(body, () => (signs += 1))) events.push(event)
  assert.deepEqual(
    events.map(({ data }) => data),
    ['은파분식'],
  )
  assert.equal(signs, bytes.length)
})
