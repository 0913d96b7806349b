/**
 * Schemas that are made into code when a request first needs them. All at once, at the start, they cost a second in
 * which nobody is served after a crash; one by one they cost a request some milliseconds, once.
 */
import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

export interface LateSchemas {
  /** For the server. */
  readonly schemaController: NonNullable<FastifyServerOptions['schemaController']>
  /** Makes what is still to be made: for tests, which must hear of a schema that makes no sense. Gives how many. */
  makeAll(): number
}

export function createLateSchemas(): LateSchemas {
  const waiting = new Set<() => unknown>()
  const validators = AjvCompiler()
  const serializers = SerializerSelector()
  return {
    schemaController: {
      compilersFactory: {
        buildValidator: (...given: Parameters<typeof validators>) => {
          const build = validators(...given)
          return (...schema: Parameters<typeof build>) => late(() => build(...schema), waiting)
        },
        buildSerializer: (...given: Parameters<typeof serializers>) => {
          const build = serializers(...given)
          return (...schema: Parameters<typeof build>) => late(() => build(...schema), waiting)
        },
      },
    },
    makeAll() {
      const all = [...waiting]
      for (const make of all) make()
      return all.length
    },
  }
}

/** The function that `make` gives, made when it is first called or asked for what it carries, such as `errors`. */
function late<Made extends (...given: never[]) => unknown>(
  make: () => Made,
  waiting: Set<() => unknown>,
): Made {
  let made: Made | undefined
  const get = (): Made => {
    made ??= make()
    waiting.delete(get)
    return made
  }
  waiting.add(get)
  const nothing = (): void => undefined
  return new Proxy(nothing, {
    apply: (_nothing, receiver, given) => Reflect.apply(get(), receiver, given),
    get: (_nothing, key) => Reflect.get(get(), key),
  }) as unknown as Made // What it does is what the made one does.
}
