/**
 * What makes an instance of the router one thing on its machine: its names and places, the locks
 * that keep it single, its processes told by their command lines, files that are whole or absent.
 */
@org.jspecify.annotations.NullMarked
package floof.control.instance;
