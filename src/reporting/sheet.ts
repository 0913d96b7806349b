/** A report as rows under titles, whatever file it becomes. */

/** What stands in a column: how it is written, and how wide. Sums are whole won. */
export type ColumnKind = 'text' | 'day' | 'won' | 'count'

export interface Column {
  readonly titleKo: string
  readonly titleEn: string
  readonly kind: ColumnKind
}

export type Cell = string | number | null

export interface Sheet {
  readonly nameKo: string
  readonly nameEn: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

export const column = (kind: ColumnKind, titleKo: string, titleEn: string): Column => ({
  kind,
  titleKo,
  titleEn,
})
