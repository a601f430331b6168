/** Services inside floofd that statements switch on. */
@org.jspecify.annotations.NullMarked
package floof.control.service;
