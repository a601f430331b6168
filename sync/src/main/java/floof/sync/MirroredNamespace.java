package floof.sync;

import java.nio.file.Path;

/**
 * A network namespace to be mirrored.
 *
 * @param vrf its id in the fast path
 * @param path its file, as of ip-netns(8)
 */
public record MirroredNamespace(int vrf, String name, Path path) {}
