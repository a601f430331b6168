/** BGP sessions as they live: watched, logged, told to operators; routes that are kept too long. */
@org.jspecify.annotations.NullMarked
package floof.control.bgp;
