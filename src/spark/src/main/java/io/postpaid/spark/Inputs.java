package io.postpaid.spark;

import io.postpaid.spark.Job.InputFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The files below a folder, in the order of their names: the first of two conflicting lines is the one that stands first there. */
final class Inputs {
    private Inputs() {}

    private record Found(String path, String name, long size) {}

    static List<InputFile> below(String from, Configuration hadoop) throws IOException {
        var root = new Path(from);
        var system = root.getFileSystem(hadoop);
        var status = system.getFileStatus(root);
        var found = new ArrayList<Found>();
        if (status.isFile()) {
            found.add(new Found(status.getPath().toString(), root.getName(), status.getLen()));
        } else {
            int prefix = status.getPath().toString().length() + 1;
            var files = system.listFiles(status.getPath(), true);
            while (files.hasNext()) {
                var file = files.next();
                var path = file.getPath().toString();
                var name = path.substring(prefix);
                if (isShown(name)) found.add(new Found(path, name, file.getLen()));
            }
        }
        found.sort(Comparator.comparing(Found::name));
        var inputs = new ArrayList<InputFile>(found.size());
        for (var file : found) inputs.add(new InputFile(inputs.size(), file.path(), file.name(), file.size()));
        return inputs;
    }

    /** As everywhere in Hadoop, what begins so is on its way or a mark. */
    private static boolean isShown(String name) {
        for (var part : name.split("/")) if (part.startsWith(".") || part.startsWith("_")) return false;
        return true;
    }
}
