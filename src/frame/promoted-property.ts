import type { LakeFiles, SourceFile } from "./event-source.js";
import type { PropertyType } from "./properties/columns.js";
import { kindsIn } from "./properties/kind-mask.js";
import { sameProperty } from "./properties/projection.js";
import type { Property } from "./properties/property.js";

/** A property that all files have as a column of one type, in which its texts, or of `double` its numbers, are the JSON's own. */
export interface PromotedProperty extends Property {
  readonly type: Extract<PropertyType, "text" | "int64" | "boolean" | "double">;
}

/** A promoted property as a column of a query. */
export interface PromotedColumn extends PromotedProperty {
  readonly as: string;
}

const TYPES: readonly string[] = ["text", "int64", "boolean", "double"] satisfies PromotedProperty["type"][];

/** Those of the promoted properties that queries may read in the place of the JSON: never a list or an object, of one type. */
export function promotedProperties({ files, promoted = [] }: LakeFiles): PromotedProperty[] {
  return promoted.flatMap((property) => {
    const types = new Set<string>();
    for (const file of files) {
      const type = typeIn(file, property);
      if (type === undefined) return [];
      if (type !== "none") types.add(type);
    }
    const [type = "text"] = types;
    return types.size <= 1 && isType(type) ? [{ column: property.column, path: property.path, type }] : [];
  });
}

/** `none` where the file has no value; undefined where the file does not tell, or has lists or objects. */
function typeIn({ projection }: SourceFile, property: Property): string | undefined {
  const stored = projection?.properties.find((one) => sameProperty(one, property));
  if (stored === undefined) return undefined;
  const { list, object, null: _, ...others } = kindsIn(stored.kinds).kinds;
  if (list !== undefined || object !== undefined) return undefined;
  return Object.keys(others).length === 0 ? "none" : stored.type.kind;
}

function isType(type: string): type is PromotedProperty["type"] {
  return TYPES.includes(type);
}
