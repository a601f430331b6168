package floof.cli;

import floof.config.Diff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is in configuration mode, over all sessions. Thread: any. */
final class Editors {

    /** One of them. */
    static final class Editor {

        private final Client client;
        private final Instant since = Instant.now();
        private Instant active = since;
        private List<String> level = List.of();

        private Editor(Client client) {
            this.client = client;
        }
    }

    private final List<Editor> editors = new ArrayList<>();

    synchronized Editor enter(Client client) {
        Editor editor = new Editor(client);
        editors.add(editor);
        return editor;
    }

    synchronized void leave(Editor editor) {
        editors.remove(editor);
    }

    synchronized void active(Editor editor, List<String> level) {
        editor.active = Instant.now();
        editor.level = level;
    }

    /** The list of {@code status}, without {@code except}; empty when there is nobody. */
    synchronized String list(@Nullable Editor except) {
        StringBuilder text = new StringBuilder();
        for (Editor editor : editors) {
            if (editor == except) {
                continue;
            }
            if (text.isEmpty()) {
                text.append("Users currently editing the configuration:\n");
            }
            text.append("  ")
                    .append(editor.client.user())
                    .append(" terminal ")
                    .append(editor.client.tty())
                    .append(" (pid ")
                    .append(editor.client.pid())
                    .append(") on since ")
                    .append(Times.local(editor.since))
                    .append(", idle ")
                    .append(Times.age(Duration.between(editor.active, Instant.now())))
                    .append("\n      ")
                    .append(Diff.banner(editor.level))
                    .append('\n');
        }
        return text.toString();
    }
}
