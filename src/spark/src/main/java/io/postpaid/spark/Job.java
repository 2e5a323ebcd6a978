package io.postpaid.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What a task must know to read its files.
 *
 * @param snapshot as JSON; it is read once in each process
 * @param reading what of the lines is wanted
 * @param wanted for the raw text: the numbers of lines of each file
 */
record Job(
        byte[] snapshot,
        List<InputFile> files,
        Reading reading,
        Map<Integer, long[]> wanted,
        SerializableConfiguration hadoop,
        long taskBytes)
        implements Serializable {

    enum Reading {
        RECORDS,
        /** Only what each file is. */
        FILES,
        /** Only the text of the lines wanted. */
        RAW
    }

    /** @param name below the folder that was named */
    record InputFile(int number, String path, String name, long size) implements Serializable {}
}
