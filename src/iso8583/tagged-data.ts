/** Private data inside one field: a run of elements, each with tag (2 digits), length in bytes (2 digits) and value. */
import { strayByte } from './content-class.ts'
import type { TagSpec } from './field-profile.ts'

export type Tags = ReadonlyMap<string, string>

export type ReadTags =
  | { readonly ok: true; readonly tags: Tags }
  /** `tag` is the one in trouble, empty where none could be read. */
  | { readonly ok: false; readonly tag: string; readonly detail: string }

const HEAD = 4

/** Strict: a tag that is unknown, stands twice, or is longer than the rest is refused. */
export function readTags(specs: readonly TagSpec[], text: string): ReadTags {
  const tags = new Map<string, string>()
  let at = 0
  while (at < text.length) {
    const head = text.slice(at, at + HEAD)
    if (!/^\d{4}$/.test(head)) return refuse('', `no tag and length at byte ${at}`)
    const tag = head.slice(0, 2)
    const spec = specs.find((each) => each.tag === tag)
    if (spec === undefined) return refuse(tag, 'the profile has no such tag')
    if (tags.has(tag)) return refuse(tag, 'it stands twice')
    const length = Number(head.slice(2))
    const value = text.slice(at + HEAD, at + HEAD + length)
    if (value.length < length) return refuse(tag, 'the field ends within it')
    const complaint = complaintAbout(spec, value)
    if (complaint !== undefined) return refuse(tag, complaint)
    tags.set(tag, value)
    at += HEAD + length
  }
  return { ok: true, tags }
}

/** In the order of the table. A value that does not fit is refused by its tag. */
export function writeTags(
  specs: readonly TagSpec[],
  tags: Tags,
): { readonly ok: true; readonly text: string } | Extract<ReadTags, { readonly ok: false }> {
  let text = ''
  let written = 0
  for (const spec of specs) {
    const value = tags.get(spec.tag)
    if (value === undefined) continue
    const complaint = complaintAbout(spec, value)
    if (complaint !== undefined) return refuse(spec.tag, complaint)
    text += `${spec.tag}${String(value.length).padStart(2, '0')}${value}`
    written += 1
  }
  return written === tags.size ? { ok: true, text } : refuse('', 'a tag that the profile lacks')
}

/** For logs. */
export function describeTags(specs: readonly TagSpec[], text: string): string {
  const read = readTags(specs, text)
  if (!read.ok) return `unreadable at tag ${read.tag}: ${read.detail}`
  return Array.from(read.tags, ([tag, value]) => {
    const spec = specs.find((each) => each.tag === tag)
    const name = `${tag} ${spec?.nameEn ?? '?'}`
    return spec?.masked === false ? `${name}=${value}` : `${name}=<${value.length}>`
  }).join(' ')
}

function complaintAbout(spec: TagSpec, value: string): string | undefined {
  if (value.length < spec.bytesMin || value.length > spec.bytesMax) {
    return `${value.length} bytes where ${spec.bytesMin} to ${spec.bytesMax} may stand`
  }
  const bytes = Uint8Array.from(value, (letter) => Math.min(letter.charCodeAt(0), 0xff))
  const isOfClass = strayByte(bytes, { from: 0, to: bytes.length }, spec.content) === -1
  return isOfClass ? undefined : `not of class ${spec.content}`
}

function refuse(tag: string, detail: string): Extract<ReadTags, { readonly ok: false }> {
  return { ok: false, tag, detail }
}
