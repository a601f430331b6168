package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.cli.answer.Answer;
import floof.cli.answer.Columns;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.answer.Table;
import floof.cli.grammar.Filter;
import floof.cli.grammar.Parse;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class PipesTest extends OnDesk {

    @Test
    @DisplayName("68 pipes are chained from left to right, any number of them")
    void chained() {
        assertThat(desk.out("show interfaces terse | match ge- | except ge-0 | trim 24 | count"))
                .isEqualTo("Count: 1 lines\n");
        assertThat(desk.out("show interfaces terse | count | match Count"))
                .isEqualTo("Count: 6 lines\n");
        assertThat(
                        Pipe.grammar(List::of, Position.Argument.any("", "", Pipe.end()), true)
                                .keywords()
                                .stream()
                                .map(Position.Keyword::word))
                .contains(
                        "append",
                        "compare",
                        "count",
                        "display",
                        "except",
                        "find",
                        "hold",
                        "last",
                        "match",
                        "no-more",
                        "refresh",
                        "resolve",
                        "save",
                        "suppress-zeros",
                        "tee",
                        "trim");
        assertThat(desk.run("configure; show | refresh 1").err())
                .as("refresh is for operational mode")
                .contains("unknown command.");
    }

    @Test
    void aConfigurationIsAskedForAgainAtEachRefresh() throws Exception {
        desk.run("configure; set system host-name r1; commit");
        Shell shell = desk.shell();
        Parse parse =
                Parse.of(
                        shell.grammar(),
                        command -> Position.of(),
                        "show configuration system host-name");
        desk.run("configure; set system host-name r2; commit");
        Answer.Tree answer = (Answer.Tree) parse.action().run(parse.words());
        assertThat(answer.root().toString()).contains("host-name r2");
    }

    @Test
    void xmlHasMarksAsAttributes() throws Exception {
        String xml =
                desk.out(
                        "configure; set interfaces ge-0 driver tap mtu 1500;"
                                + " set interfaces ge-1 driver tap; deactivate interfaces ge-0;"
                                + " protect interfaces ge-0 mtu; edit interfaces; annotate ge-1 \"a <b>\";"
                                + " top; show | display xml | except Entering");
        Document document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(
                                new ByteArrayInputStream(
                                        xml.substring(xml.indexOf("<rpc-reply"))
                                                .getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("junos:comment").item(0).getTextContent())
                .isEqualTo("/* a <b> */");
        assertThat(xml)
                .contains(
                        "<interfaces inactive=\"inactive\">",
                        "<mtu protect=\"protect\">1500</mtu>");
    }

    @Test
    @DisplayName("69 match and except take POSIX classes, see case, and end with any pattern")
    void patterns() throws CommandException {
        assertThat(desk.out("show interfaces terse | match \"^ge-[[:digit:]] \" | count"))
                .isEqualTo("Count: 2 lines\n");
        assertThat(desk.out("show interfaces terse | match GE | count"))
                .isEqualTo("Count: 0 lines\n");
        assertThat(desk.out("show interfaces terse | match \"lo|ge-1\" | count"))
                .isEqualTo("Count: 2 lines\n");
        Pipe endless = Pipe.of(List.of("match", "^((a+)+)+\\2b"));
        assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(
                                () -> Filter.lines(endless, List.of("a".repeat(200)))))
                .hasMessageContaining("too complex");
    }

    @Test
    @DisplayName("70 trim takes columns away, also of lines that have fewer")
    void trim() {
        assertThat(desk.out("show interfaces terse | last 1 | trim 1")).startsWith("o  ");
        assertThat(desk.out("show interfaces terse | trim 1000")).isEqualTo("\n".repeat(6));
    }

    @Test
    @DisplayName("71 save, append and tee write files and say how much")
    void files() throws IOException {
        Path file = folder.resolve("out");
        assertThat(desk.out("show arp | save " + file))
                .isEqualTo("Wrote 4 lines of output to '" + file + "'\n");
        assertThat(desk.out("show arp | append " + file))
                .isEqualTo("Appended 4 lines of output to '" + file + "'\n");
        assertThat(Files.readAllLines(file)).hasSize(8);
        assertThat(desk.out("show arp | match ge-0 | tee " + file))
                .endsWith("failed\nWrote 2 lines of output to '" + file + "'\n");
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(desk.run("show arp | save " + folder).err())
                .isEqualTo("error: cannot write '" + folder + "': is a directory\n");
    }

    @Test
    void zerosAreSuppressedAndAddressesGetNames() throws CommandException {
        List<String> lines =
                List.of("ge-0  0  0.0", "ge-1  0  7", "text", "127.0.0.1 and 300.1.1.1");
        assertThat(Filter.lines(Pipe.of(List.of("suppress-zeros")), lines))
                .containsExactly("ge-1  0  7", "text", "127.0.0.1 and 300.1.1.1");
        assertThat(Filter.lines(Pipe.of(List.of("resolve")), lines).getLast())
                .matches("(localhost|ip6-localhost).* and 300\\.1\\.1\\.1");
    }

    @Test
    @DisplayName("30 display xml: rpc-reply, attributes of the commit, banner")
    void xml() throws Exception {
        desk.run("configure; set interfaces ge-0 driver tap description \"a <b> & c\"; commit");
        Document document = parsed(desk.out("show configuration | display xml"));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("rpc-reply");
        var configuration =
                (org.w3c.dom.Element) document.getElementsByTagName("configuration").item(0);
        assertThat(configuration.getAttribute("junos:commit-seconds")).matches("[0-9]+");
        assertThat(configuration.getAttribute("junos:commit-user")).isNotEmpty();
        assertThat(configuration.getAttribute("junos:commit-localtime")).contains(":");
        assertThat(document.getElementsByTagName("description").item(0).getTextContent())
                .isEqualTo("a <b> & c");
        assertThat(document.getElementsByTagName("banner").item(0).getTextContent()).isEmpty();
        document = parsed(desk.out("configure; show | display xml").split("\n", 2)[1]);
        assertThat(document.getElementsByTagName("banner").item(0).getTextContent())
                .isEqualTo("[edit]");
    }

    @Test
    void everyShowHasAnXmlAndAJsonForm() throws Exception {
        for (String show :
                List.of(
                        "arp",
                        "bgp summary",
                        "chassis hardware",
                        "fast-path statistics",
                        "interfaces",
                        "ipv6 neighbors",
                        "log",
                        "route",
                        "system commit",
                        "system processes",
                        "system storage",
                        "version")) {
            parsed(desk.out("show " + show + " | display xml"));
            assertThat(desk.out("show " + show + " | display json")).matches("(?s)[\\[{].*");
        }
        Document document = parsed(desk.out("show arp | display xml"));
        assertThat(document.getElementsByTagName("interface-name").getLength()).isEqualTo(2);
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void charactersOfTwoColumnsAndOfNoneKeepColumnsStraight() {
        Table table =
                Parts.table(
                        "Name Next",
                        List.of(
                                new Object[] {"\u6771\u4eac", "a"},
                                new Object[] {"e\u0301e\u0301", "b"},
                                new Object[] {"name", "c"}));
        assertThat(table.text(0, false).lines().map(line -> Columns.of(line))).containsOnly(7, 10);
        assertThat(table.text(0, false).lines().map(String::stripTrailing))
                .contains("\u6771\u4eac  a", "e\u0301e\u0301    b", "name  c");
        assertThat(Columns.cut("a\u6771\u4eac", 4)).isEqualTo("a\u6771");
        CommandException wrong = new CommandException("wrong", 4);
        assertThat(wrong.text("> \u6771\u4eac nonsense", 2)).startsWith("        ^\n");
    }

    @Test
    @DisplayName("61 help that is wider than the screen goes on below itself")
    void helpIsWrapped() {
        String list =
                Suggestion.list(
                        List.of(new Suggestion("terse", "One line for each of the interfaces")),
                        40);
        assertThat(list)
                .isEqualTo(
                        """
                        Possible completions:
                          terse               One line for each
                                              of the interfaces
                        """);
    }

    @Test
    void aTableThatIsTooWideBecomesSeveral() {
        Table table =
                Parts.table(
                        "Name >First >Second >Third",
                        List.of(
                                new Object[] {"ge-0", 1, 2, 3},
                                new Object[] {"a-long-name", 10, 20, 30}));
        assertThat(table.text(0, false).lines()).hasSize(3);
        assertThat(table.text(26, false))
                .isEqualTo(
                        """
                        Name         First  Second
                        ge-0             1       2
                        a-long-name     10      20

                        Name         Third
                        ge-0             3
                        a-long-name     30
                        """);
        assertThat(table.text(3, false).lines().filter(Pattern.compile("^Name").asPredicate()))
                .as("one column each when nothing fits")
                .hasSize(3);
    }
}
