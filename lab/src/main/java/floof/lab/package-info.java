/**
 * Not shipped. The lab builds networks of namespaces around a real router process and stock hosts:
 * for the demo, the end-to-end tests and the measurements. Everything it makes carries the name it
 * was given and is removed by {@code close}.
 */
@org.jspecify.annotations.NullMarked
package floof.lab;
