/** A worker that dies at its n-th call, before or after it took effect, and makes no call afterwards. */

export class Killed extends Error {
  override readonly name = 'Killed'
}

export interface Life {
  /** So many calls to come, of which the last does not come back. */
  left: number
  readonly tookEffect: boolean
}

/** Several ports may share a life. */
export function deadly<Target extends object>(target: Target, life: Life): Target {
  return new Proxy(target, {
    get(from, name) {
      const call: unknown = Reflect.get(from, name)
      if (typeof call !== 'function') return call
      return async (...given: unknown[]) => {
        life.left -= 1
        if (life.left < 0 || (life.left === 0 && !life.tookEffect)) throw new Killed('killed')
        const answer: unknown = await Reflect.apply(call, from, given)
        if (life.left === 0) throw new Killed('killed')
        return answer
      }
    },
  })
}
