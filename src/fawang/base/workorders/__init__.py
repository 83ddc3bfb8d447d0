"""The work order (标准工单): one thing that every demand becomes, one door for every change to it."""
