"""What the documents component declares about itself."""

from __future__ import annotations

from senter.component.route import Route
from senter.component.spec import CommandLine, ComponentSpec
from senter.components.documents.settings import DocumentsSettings
from senter.messages.documents import (
    AddFolder,
    FoldersChanged,
    ListFolders,
    ReadDocument,
    RemoveFolder,
    SearchDocuments,
)

SPEC = ComponentSpec(
    name="documents",
    summary="Indexes the folders the user named and searches them.",
    entry="senter.components.documents.component:Documents",
    settings=DocumentsSettings,
    handlers={
        AddFolder: "add_folder",
        RemoveFolder: "remove_folder",
        ListFolders: "list_folders",
        SearchDocuments: "searching.search",
        ReadDocument: "searching.read",
    },
    concurrency={SearchDocuments: 4, ReadDocument: 4},
    sends=(FoldersChanged,),
    database="documents",
    nice=10,
    routes=(
        Route("GET", "/api/documents", ListFolders),
        Route("POST", "/api/documents", AddFolder, repeat=True),
        Route("DELETE", "/api/documents", RemoveFolder),
        Route("GET", "/api/documents/text", ReadDocument),
    ),
    commands=(CommandLine("documents", "senter.components.documents.commands:documents"),),
)
