/**
 * What is wrong with the router now: one registry in which every part raises and clears its alarms.
 */
@org.jspecify.annotations.NullMarked
package floof.base.alarm;
