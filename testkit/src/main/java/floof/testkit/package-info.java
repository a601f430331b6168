/**
 * {@code ./floof test}: the compiled tests of all modules, several at a time. A {@link
 * floof.testkit.Suite} hands test classes out to {@link floof.testkit.Lane}s, each with a {@link
 * floof.testkit.Fork} of its own, a JVM that runs one class after the other with the options that
 * Surefire would give it. A {@link floof.testkit.Report} says at the end what failed, what was
 * skipped and what took longest.
 *
 * <p>Tests stand on {@link floof.testkit.Netns}, {@link floof.testkit.Eventually}, {@link
 * floof.testkit.Packets}, {@link floof.testkit.Pcap} and {@link floof.testkit.Transcript}.
 *
 * <p>Tags: a class has its module's, {@code test.tag} of its pom.xml ({@code pure}, {@code kernel}
 * or {@code lab}), and those of its own: {@code slow} is for {@code ./floof ci}, {@code raw} runs
 * without checked memory, where only volume counts. A new test needs no tag.
 */
@NullMarked
package floof.testkit;

import org.jspecify.annotations.NullMarked;
