/** Main methods and wiring by constructors. */
@org.jspecify.annotations.NullMarked
package floof.app;
