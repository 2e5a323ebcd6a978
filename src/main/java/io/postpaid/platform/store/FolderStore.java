package io.postpaid.platform.store;

import io.postpaid.platform.home.Home;
import io.postpaid.platform.home.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A folder, which others may have mounted elsewhere. */
public record FolderStore(Home home) implements DocumentStore {

    private Path path(String file) {
        return home.documents().resolve(file);
    }

    @Override
    public String place(String file) {
        return path(file).toString();
    }

    @Override
    public byte[] read(String file) throws IOException {
        return Files.readAllBytes(path(file));
    }

    @Override
    public long size(String file) {
        var path = path(file);
        return Files.isRegularFile(path) ? path.toFile().length() : -1;
    }

    @Override
    public void write(Map<String, byte[]> files) throws IOException {
        for (var file : files.entrySet()) {
            var path = path(file.getKey());
            Files.createDirectories(path.getParent());
            WholeFile.write(path, file.getValue());
        }
    }
}
