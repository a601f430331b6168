/** Errors of the kernel: their numbers, and the exception that names the call. */
@org.jspecify.annotations.NullMarked
package floof.linux.error;
