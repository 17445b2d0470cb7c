"""What the documents component declares about itself."""

from __future__ import annotations

from senter.component.spec import CommandLine, ComponentSpec
from senter.components.documents.settings import DocumentsSettings
from senter.messages.documents import AddFolder, FoldersChanged, ListFolders, RemoveFolder, SearchDocuments

SPEC = ComponentSpec(
    name="documents",
    summary="Indexes the folders the user named and searches them.",
    entry="senter.components.documents.component:Documents",
    settings=DocumentsSettings,
    receives=(AddFolder, RemoveFolder, ListFolders, SearchDocuments),
    sends=(FoldersChanged,),
    database="documents",
    nice=10,
    commands=(CommandLine("documents", "senter.components.documents.commands:documents"),),
)
