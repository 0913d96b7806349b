/** Papers of an applicant: which kinds there are, and what a file is by its own first bytes. */

/** In the order in which lists show them. */
export const documentKinds = [
  'business_registration',
  'business_permit',
  'lease',
  'shop_photo',
  'bankbook',
  'revenue_certificate',
  'objection',
  'other',
] as const
export type DocumentKind = (typeof documentKinds)[number]

export function isDocumentKind(text: string): text is DocumentKind {
  return documentKinds.some((kind) => kind === text)
}

/** Of one file: a scanned page has a few hundred KiB. */
export const DOCUMENT_BYTES_MAX = 2 * 1_024 * 1_024
/** Of one merchant, over all applications. */
export const DOCUMENTS_MAX = 60
export const DOCUMENT_NAME_LENGTH_MAX = 100

export const documentTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type DocumentType = (typeof documentTypes)[number]

/** Where each type's signature begins a file: ISO 32000, ISO 10918 (SOI and a marker), and PNG. */
const signatures: Readonly<Record<DocumentType, readonly number[]>> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
}

/** What a file is, whatever its sender calls it; `undefined` for what we do not take. */
export function documentTypeOf(bytes: Uint8Array): DocumentType | undefined {
  return documentTypes.find((type) => {
    const signature = signatures[type]
    // A signature alone is no file.
    return (
      bytes.length > signature.length && signature.every((byte, index) => bytes[index] === byte)
    )
  })
}
