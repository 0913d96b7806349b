/**
 * The grounds on which terms must promise a full refund of what is left (전자금융거래법 §19②), and who has to find that
 * a ground is there.
 */

/**
 * - `system`: we know it ourselves, from the lot.
 * - `notice`: we know it where it was announced (an adverse change, an abolition); else an officer decides.
 * - `officer`: it has to be shown, and an officer decides.
 */
export const groundProofs = ['system', 'notice', 'officer'] as const
export type GroundProof = (typeof groundProofs)[number]

export const groundTable = {
  force_majeure: { proof: 'officer', clause: '전자금융거래법 §19②' },
  merchant_cannot_supply: { proof: 'officer', clause: '전자금융거래법 §19②' },
  defect: { proof: 'officer', clause: '전자금융거래법 §19②' },
  small_remainder: { proof: 'system', clause: '전자금융거래법 §19②' },
  adverse_change: { proof: 'notice', clause: '전자금융거래법 §36의2' },
  abolition: { proof: 'notice', clause: '지역사랑상품권법 §5' },
} as const satisfies Record<string, { readonly proof: GroundProof; readonly clause: string }>
export type FullRefundGround = keyof typeof groundTable
export const fullRefundGrounds = Object.keys(groundTable) as readonly FullRefundGround[] // The table's own keys.
