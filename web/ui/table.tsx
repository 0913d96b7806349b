/** A table of rows with a caption and headed columns; wide ones scroll inside their frame, by keyboard too. */
import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly key: string
  readonly label: string
  readonly cell: (row: Row) => ReactNode
  /** To the end, with figures of one width. */
  readonly isNumber?: boolean
}

export function Table<Row>(props: {
  readonly caption: string
  readonly isCaptionUnseen?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
}) {
  const { caption, isCaptionUnseen = false, columns, rows, rowKey } = props
  return (
    // A frame that scrolls has to be reachable without a mouse.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-frame" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption className={isCaptionUnseen ? 'unseen' : ''}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, label, isNumber = false }) => (
              <th key={key} scope="col" {...(isNumber ? { 'data-number': true } : {})}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ key, cell, isNumber = false }) => (
                <td key={key} {...(isNumber ? { 'data-number': true } : {})}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
