package floof.app;

import floof.control.instance.Instance;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line that all processes of the product share: {@code --instance}, {@code --config}.
 */
record Arguments(Instance instance, @Nullable Path config) {

    /**
     * @throws IllegalArgumentException names the wrong argument
     */
    static Arguments parse(String[] words) {
        Instance instance = Instance.DEFAULT;
        Path config = null;
        for (int i = 0; i < words.length; i += 2) {
            if (!words[i].equals("--instance") && !words[i].equals("--config")) {
                throw new IllegalArgumentException(
                        "unknown option '"
                                + words[i]
                                + "'; expected --instance NAME, --config FILE");
            }
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + " needs a value");
            }
            if (words[i].equals("--instance")) {
                instance = new Instance(words[i + 1]);
            } else {
                config = Path.of(words[i + 1]).toAbsolutePath();
            }
        }
        return new Arguments(instance, config);
    }
}
