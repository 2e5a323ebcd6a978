package io.postpaid.usage.mapping;

/** By what the lines of a file are known. */
public enum Identity {
    /** By ids that stand in them. */
    OWN,
    /** Each by a hash of the lines of the file up to it. */
    POSITION,
    /** Each by a hash of itself, and by how many lines before it in the file are equal. */
    CONTENT
}
