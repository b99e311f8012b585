import project from "../../package.json" with { type: "json" };

/** The version of everything that is deployed from this checkout. */
export const version = project.version;

const registryForm = /^[\w.-]+(:\d{1,5})?(\/[\w.-]+)*$/;

/**
 * The image of one of our services: `tweet-pipeline/<service>:<version>`, with the registry before it where there is one.
 *
 * @throws Error where the registry is not `host[:port][/path]`.
 */
export function imageOf(service: string, registry: string): string {
  const image = `${project.name}/${service}:${version}`;
  if (registry === "") return image;
  if (!registryForm.test(registry)) {
    throw new Error(
      `Cannot name the image ${image}: the registry must be host[:port][/path] without a scheme: current value is "${registry}"`,
    );
  }
  return `${registry}/${image}`;
}
