/** Papers of a merchant: taken as bytes, and given back as what their own first bytes say they are. */
import { Type } from 'typebox'
import { DOCUMENT_BYTES_MAX, documentKinds } from '../../acquiring/acquiring.ts'
import {
  idempotencyKey,
  idSchema,
  notFound,
  problemResponses,
  readId,
  requireIssuer,
  type App,
  type Door,
} from '../door.ts'
import { merchantParams, requireOwner } from './merchant-owners.ts'
import { documentSchema, documentView } from './merchant-views.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { wordOut } from './views.ts'
import { ownData, writeAccess } from './access-writing.ts'
import { requireMerchantOrOfficer } from './wrong-side.ts'

const path = '/v1/issuers/:issuerCode/merchants/:merchantId/documents'

export function registerMerchantPaperRoutes({ app }: Door, deps: RouteDeps): void {
  // In a scope of its own: everywhere else bytes that are no JSON stay refused.
  void app.register(async (scope) => uploads(scope, deps))
  downloads(app, deps)
}

function uploads(scope: App, { merchantDesk }: RouteDeps): void {
  scope.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: DOCUMENT_BYTES_MAX },
    (_request, body, done) => done(null, body),
  )
  scope.post(
    path,
    {
      bodyLimit: DOCUMENT_BYTES_MAX,
      schema: {
        tags: ['merchants'],
        summary: '서류 제출 · Bring a document: its bytes as application/octet-stream',
        consumes: ['application/octet-stream'],
        params: merchantParams,
        querystring: Type.Object({
          kind: wordOut(documentKinds),
          name: Type.String({ minLength: 1, maxLength: 400 }),
        }),
        response: { 201: documentSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const owner = requireOwner(request, request.params.merchantId)
      const requestId = idempotencyKey(request)
      const { kind: documentKind, name } = request.query
      const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array(0)
      const upload = { ...owner, requestId, documentKind, name, bytes }
      const { document } = registered(await merchantDesk.upload(upload))
      return reply.code(201).send(documentView(document))
    },
  )
}

function downloads(app: App, deps: RouteDeps): void {
  const { merchantDesk } = deps
  app.get(
    `${path}/:documentId`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['merchants'],
        summary: '서류 내려받기 · The bytes of a document, for the merchant and for officers',
        params: Type.Object({ ...merchantParams.properties, documentId: idSchema('doc') }),
        response: {
          200: {
            description: 'The file',
            content: {
              'application/pdf': { schema: Type.Unsafe({ type: 'string', format: 'binary' }) },
              'image/jpeg': { schema: Type.Unsafe({ type: 'string', format: 'binary' }) },
              'image/png': { schema: Type.Unsafe({ type: 'string', format: 'binary' }) },
            },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireIssuer(request)
      const merchantId = readId('mrc', request.params.merchantId)
      const viewer = requireMerchantOrOfficer(request, merchantId)
      const documentId = readId('doc', request.params.documentId)
      const found = await merchantDesk.document(issuerId, merchantId, documentId)
      if (found === undefined) throw notFound('path.documentId')
      if (viewer === 'officer') await writeAccess(deps, request, { subjects: [{ merchantId }] })
      else ownData(request)
      const { document, bytes } = found
      const ending = document.mediaType.split('/')[1] ?? 'bin'
      return reply
        .type(document.mediaType)
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header(
          'content-disposition',
          `attachment; filename="${request.params.documentId}.${ending}"`,
        )
        .send(Buffer.from(bytes))
    },
  )
}
