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
  /** What holds for one variant (`cni: {name: calico}`) only. */
  allOf?: { then?: Schema }[];
}

/** Takes the lab's JSON Schema; gives the rows of `docs/lab.md`: one a field, parents first. */
export function labReference(schema: Schema): string {
  const rows = fields('', schema).map(
    ([path, field]) =>
      `| \`${path}\` | ${cell(field.description ?? '')} | ${values(field)} | ${defaults(field)} |`,
  );
  return ['| field | what it is | values | default |', '|---|---|---|---|', ...rows].join('\n');
}

function fields(path: string, schema: Schema): [string, Schema][] {
  const objects = [schema, ...(schema.anyOf ?? [])];
  const variants = objects.flatMap(({ allOf }) => allOf ?? []).map(({ then }) => then?.properties ?? {});
  const own = objects
    .flatMap(({ properties }) => Object.entries(properties ?? {}))
    .map(([name, field]): [string, Schema] => [
      name,
      { ...field, ...variants.find((variant) => variant[name]?.default !== undefined)?.[name] },
    ]);
  const nested = own.flatMap(([name, field]): [string, Schema][] => {
    const full = path === '' ? name : `${path}.${name}`;
    return [[full, field], ...fields(full, field)];
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
