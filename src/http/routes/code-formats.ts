/** A merchant's code in the form the caller accepts: text, a drawing, or both as JSON. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type TObject } from 'typebox'
import { drawPng, drawSvg } from '../../qr/qr.ts'

/** In the order in which we prefer them where the caller does not mind. */
const drawnFormats = ['application/json', 'image/svg+xml', 'image/png', 'text/plain'] as const
/** Of a code that is posted on paper. */
const postedFormats = [...drawnFormats, 'application/pdf'] as const
export type CodeFormat = (typeof postedFormats)[number]

/** Pixels of a module: a static code of some 60 modules is then about 500 wide. */
const PNG_SCALE = 8
/** More than this in an Accept header is not looked at. */
const ACCEPTED_MAX = 16

const MEDIA_RANGE = /^([a-z*]+\/[a-z0-9*+.-]+)(?:\s*;\s*q=([01](?:\.[0-9]{1,3})?))?$/i

/**
 * The format that an Accept header asks for (RFC 9110 §12.5.1, without parameters other than q); JSON where it asks
 * for none of ours, as §12.4.1 allows.
 */
export function chooseFormat(
  accept: string | undefined,
  formats: readonly CodeFormat[] = drawnFormats,
): CodeFormat {
  if (accept === undefined || accept.trim() === '') return 'application/json'
  const ranges = accept.split(',', ACCEPTED_MAX).flatMap((part) => {
    const [, range, quality = '1'] = MEDIA_RANGE.exec(part.trim()) ?? []
    return range === undefined ? [] : [{ range: range.toLowerCase(), quality: Number(quality) }]
  })
  const qualityOf = (format: CodeFormat): number => {
    const [family] = format.split('/')
    const names = [format, `${family}/*`, '*/*']
    const named = names.map((name) => ranges.find(({ range }) => range === name))
    return named.find((range) => range !== undefined)?.quality ?? 0
  }
  const [best] = formats.toSorted((a, b) => qualityOf(b) - qualityOf(a))
  return best === undefined || qualityOf(best) === 0 ? 'application/json' : best
}

/** Spread into a JSON answer that carries a code. */
export const drawnCode = {
  text: Type.String({ description: 'What the QR code holds (EMVCo merchant-presented)' }),
  svg: Type.String(),
}

/** The answer's schema in every format. */
export function codeAnswer(json: TObject) {
  return {
    description: 'The code, in the form that Accept asks for',
    content: {
      'application/json': { schema: json },
      'image/svg+xml': { schema: Type.String() },
      'image/png': { schema: Type.Unsafe({ type: 'string', format: 'binary' }) },
      'text/plain': { schema: Type.String() },
    },
  }
}

/** The same where there is a sheet to print too. */
export function postedCodeAnswer(json: TObject) {
  const { description, content } = codeAnswer(json)
  const pdf = { schema: Type.Unsafe({ type: 'string', format: 'binary' }) }
  return { description, content: { ...content, 'application/pdf': pdf } }
}

export interface SentCode {
  readonly text: string
  /** What a screen reader says for the picture. */
  readonly label: string
  readonly json: object
  /** The sheet to print; absent: there is none. */
  readonly sheet?: { readonly name: string; readonly print: () => Promise<Buffer> }
}

/** Sends a code in the form that the request accepts. */
export async function sendCode(
  request: FastifyRequest,
  reply: FastifyReply,
  { text, label, json, sheet }: SentCode,
): Promise<FastifyReply> {
  const formats = sheet === undefined ? drawnFormats : postedFormats
  const format = chooseFormat(request.headers.accept, formats)
  const answer = reply.header('vary', 'accept').header('cache-control', 'no-store')
  switch (format) {
    case 'image/svg+xml':
      return answer.type(format).send(drawSvg(text, { label }))
    case 'image/png':
      return answer.type(format).send(Buffer.from(drawPng(text, { scale: PNG_SCALE })))
    case 'text/plain':
      return answer.type('text/plain; charset=utf-8').send(text)
    case 'application/pdf':
      return answer
        .type(format)
        .header('content-disposition', `inline; filename="${sheet?.name}"`)
        .send(await sheet?.print())
    default:
      return answer.type(format).send({ ...json, text, svg: drawSvg(text, { label }) })
  }
}
