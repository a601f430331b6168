package floof.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A test class.
 *
 * @param name with its package
 * @param tags its module's and its own; those of methods only JUnit knows
 */
record TestClass(TestedModule module, String name, Set<String> tags) {

    private static final String TAG = "Lorg/junit/jupiter/api/Tag;";
    private static final String SEVERAL = "Lorg/junit/jupiter/api/Tags;";

    /** The module's, in the order of their names. */
    static List<TestClass> of(TestedModule module) {
        try (Stream<Path> files = Files.walk(module.tests())) {
            return files.filter(file -> file.toString().endsWith("Test.class"))
                    .filter(file -> !file.toString().contains("$"))
                    .sorted()
                    .map(file -> of(module, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestClass of(TestedModule module, Path file) {
        String path = module.tests().relativize(file).toString();
        String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        try {
            ClassModel model = ClassFile.of().parse(file);
            Set<String> tags = new TreeSet<>();
            model.findAttribute(Attributes.runtimeVisibleAnnotations())
                    .ifPresent(found -> addTags(found.annotations(), tags));
            if (TestedModule.TAGS.stream().noneMatch(tags::contains)) {
                tags.add(module.tag());
            }
            return new TestClass(module, name, tags);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addTags(List<Annotation> annotations, Set<String> tags) {
        for (Annotation annotation : annotations) {
            String type = annotation.className().stringValue();
            for (AnnotationElement element : annotation.elements()) {
                if (type.equals(TAG) && element.value() instanceof AnnotationValue.OfString tag) {
                    tags.add(tag.stringValue());
                } else if (type.equals(SEVERAL)
                        && element.value() instanceof AnnotationValue.OfArray array) {
                    List<Annotation> inner = new ArrayList<>();
                    for (AnnotationValue value : array.values()) {
                        if (value instanceof AnnotationValue.OfAnnotation one) {
                            inner.add(one.annotation());
                        }
                    }
                    addTags(inner, tags);
                }
            }
        }
    }

    String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
