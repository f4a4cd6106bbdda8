/** The parts of a JSON Schema that the reference prints. */
interface Schema {
  description?: string;
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  type?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  items?: Schema;
  const?: unknown;
  /** What holds for one variant (`cni: {name: calico}`) only. */
  allOf?: { if?: Schema; then?: Schema }[];
}

/** One row: where the field stands, what it is, and the variant that alone has it so. */
type Row = [path: string, field: Schema, variant?: string | undefined];

/** Takes the lab's JSON Schema; gives the rows of `docs/lab.md`: one a field and variant, parents first. */
export function labReference(schema: Schema): string {
  const rows = fields('', schema).map(([path, field, variant]) => {
    const place = `\`${path}\`${variant === undefined ? '' : ` (${variant})`}`;
    return `| ${place} | ${cell(field.description ?? '')} | ${values(field)} | ${defaults(field)} |`;
  });
  return ['| field | what it is | values | default |', '|---|---|---|---|', ...rows].join('\n');
}

function fields(path: string, schema: Schema): Row[] {
  const objects = [schema, ...(schema.anyOf ?? [])];
  const variants = objects.flatMap(({ allOf }) => allOf ?? []);
  const own = objects
    .flatMap(({ properties }) => Object.entries(properties ?? {}))
    .flatMap(([name, field]): Row[] => {
      const rows = variants.flatMap((variant): Row[] => {
        const special = variant.then?.properties?.[name];
        return special ? [[name, { ...field, ...special }, String(variant.if?.properties?.name?.const)]] : [];
      });
      return rows.length > 0 ? rows : [[name, field]];
    });
  const nested = own.flatMap(([name, field, variant]): Row[] => {
    const full = path === '' ? name : `${path}.${name}`;
    return [[full, field, variant], ...fields(full, field)];
  });
  return schema.items === undefined ? nested : [...nested, ...fields(`${path}[]`, schema.items)];
}

function values(field: Schema): string {
  const listed = [field, ...(field.anyOf ?? [])].flatMap((one) => one.enum ?? []);
  if (listed.length > 0) return [...new Set(listed)].map(code).join(', ');
  if (field.examples !== undefined) return `such as ${field.examples.map(code).join(', ')}`;
  return (field.anyOf ?? [field])
    .map(({ type }) => type)
    .filter(Boolean)
    .join(' or ');
}

const defaults = (field: Schema): string => (field.default === undefined ? '' : code(field.default));

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
