/** An operator session's connection: frames, and who is at the other end. */
@org.jspecify.annotations.NullMarked
package floof.cli.wire;
