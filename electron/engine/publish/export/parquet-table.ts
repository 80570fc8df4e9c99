/** Small tables as Apache Parquet, in the types that dataset loaders expect, with what pandas wants to know of them. */
import { writeFile } from 'node:fs/promises'
import { parquetWriteBuffer } from 'hyparquet-writer'

export type ColumnType = 'int64' | 'float32' | 'float64' | 'string' | 'float32-list' | 'string-list'

export interface TableColumn {
  readonly name: string
  readonly type: ColumnType
  readonly rows: readonly unknown[]
}

/** Of one feature over all frames, as lists of as many numbers as the feature has. */
export interface Statistics {
  readonly min: unknown
  readonly max: unknown
  readonly mean: unknown
  readonly std: unknown
  readonly count: readonly number[]
}

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>[number]

export function columnOf(name: string, type: ColumnType, rows: readonly unknown[]): TableColumn {
  return { name, type, rows }
}

function leaf(name: string, type: ColumnType): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  if (type.startsWith('int64')) return { ...optional, type: 'INT64' }
  if (type.startsWith('float32')) return { ...optional, type: 'FLOAT' }
  if (type.startsWith('float64')) return { ...optional, type: 'DOUBLE' }
  return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
}

function schemaOf({ name, type }: TableColumn): SchemaElement[] {
  if (!type.endsWith('-list')) return [leaf(name, type)]
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    leaf('element', type),
  ]
}

const PANDAS: Readonly<Record<ColumnType, readonly [pandas: string, numpy: string]>> = {
  int64: ['int64', 'int64'],
  float32: ['float32', 'float32'],
  float64: ['float64', 'float64'],
  string: ['unicode', 'object'],
  'float32-list': ['list[float32]', 'object'],
  'string-list': ['list[unicode]', 'object'],
}

/** @param index The column by which pandas looks rows up. */
export async function writeTable(path: string, columns: readonly TableColumn[], index?: string): Promise<void> {
  const pandas = {
    index_columns: index === undefined ? [] : [index],
    column_indexes: [],
    columns: columns.map(({ name, type }) => ({
      name,
      field_name: name,
      pandas_type: PANDAS[type][0],
      numpy_type: PANDAS[type][1],
      metadata: null,
    })),
    creator: { library: 'asterism', version: '1' },
    pandas_version: '2.0.0',
  }
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, type, rows }) => ({
      name,
      data: type === 'int64' ? rows.map((value) => BigInt(value as number)) : [...rows],
    })),
    schema: [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(schemaOf)],
    kvMetadata: [{ key: 'pandas', value: JSON.stringify(pandas) }],
    createdBy: 'asterism',
  })
  await writeFile(path, new Uint8Array(buffer))
}

/** Of a column of numbers or of lists of as many numbers each. */
export function numberStatistics(rows: readonly unknown[]): Statistics {
  const vectors = rows.map((row) => (Array.isArray(row) ? (row as number[]) : [row as number]))
  const over = (pick: (values: number[]) => number): number[] =>
    vectors[0]!.map((_, axis) => pick(vectors.map((vector) => vector[axis]!)))
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    min: over((values) => values.reduce((a, b) => Math.min(a, b))),
    max: over((values) => values.reduce((a, b) => Math.max(a, b))),
    mean: over(mean),
    std: over((values) => {
      const middle = mean(values)
      return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
    }),
    count: [rows.length],
  }
}
